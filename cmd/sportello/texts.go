package main

import "strings"

// docs is the folder in which a package has put the texts that go with the
// program (packaging/deb.sh sets it); "" for one built from its source, beside
// which they lie.
var docs string

// texts are those that the program names, as in the source and in docs.
var texts = [][2]string{
	{"packaging/sportello.toml", "examples/sportello.toml"},
	{"packaging/guida-operatori.md", "guida-operatori.md"},
	{"templates/README.md", "templates/README.md"},
}

// installed names the texts by where they are on this machine.
func installed(said, docs string) string {
	if docs == "" {
		return said
	}
	for _, t := range texts {
		said = strings.ReplaceAll(said, t[0], docs+"/"+t[1])
	}
	return said
}
