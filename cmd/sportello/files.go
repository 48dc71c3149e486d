package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
	"sportello/rules"
)

// caseFile is a file of a case, as `queue files --json` prints it.
type caseFile struct {
	Message uint64 `json:"message"`
	console.File
}

func queueFiles(g *global) *cobra.Command {
	var dir string
	cmd := &cobra.Command{Use: "files PROTOCOL", Short: "the files that came with a case's messages; --save writes them into a folder",
		Args: cobra.ExactArgs(1), ValidArgsFunction: completeCases(g, ""), Example: "  sportello queue files 2026-000123 --save allegati",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := connect(cmd.Context(), g)
			if err != nil {
				return err
			}
			defer c.close()
			files, err := filesOf(cmd, c, args[0])
			if err != nil {
				return err
			}
			if dir != "" {
				return saveFiles(cmd, c, files, dir)
			}
			return newList(cmd, g, func(f caseFile) []cell {
				return []cell{text(fmt.Sprint(f.Message)), text(fmt.Sprint(f.N)), text(f.Name), text(f.Type), text(fmt.Sprint(f.Size)), text(ownerOf(f.Original))}
			}, col("MESSAGE"), col("FILE"), flexible("NAME", 16), col("TYPE"), col("BYTES"), col("OF")).print(files, "no file came with its messages")
		}}
	cmd.Flags().StringVar(&dir, "save", "", "write the customer's files into this folder (made if it is not there)")
	cmd.Flags().BoolVar(&g.json, "json", false, "one JSON object a line")
	return cmd
}

func ownerOf(original bool) string {
	if original {
		return "customer"
	}
	return "envelope"
}

func filesOf(cmd *cobra.Command, c *client, id string) (out []caseFile, err error) {
	var d rules.Detail
	if err := c.call(cmd.Context(), "GET", "/api/cases/"+url.PathEscape(id), nil, &d); err != nil {
		return nil, err
	}
	for i := range d.Messages {
		if d.Messages[i].Erased() {
			continue
		}
		m := d.Messages[i].ID
		var files struct{ Files []console.File }
		if err := c.call(cmd.Context(), "GET", fmt.Sprintf("/api/messages/%d/files", m), nil, &files); err != nil {
			return nil, err
		}
		for _, f := range files.Files {
			out = append(out, caseFile{m, f})
		}
	}
	return out, nil
}

// saveFiles writes the customer's files. Their names are the customer's too:
// each is taken as a plain name, and begins with the numbers of message and file.
func saveFiles(cmd *cobra.Command, c *client, list []caseFile, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, f := range list {
		if !f.Original {
			continue
		}
		body, err := c.open(cmd.Context(), "GET", fmt.Sprintf("/api/messages/%d/files/%d", f.Message, f.N), nil)
		if err != nil {
			return err
		}
		name := filepath.Join(dir, fmt.Sprintf("%d-%d-%s", f.Message, f.N, strings.TrimLeft(plainName(f.Name), ".")))
		n, err := saveFile(name, body)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %d bytes\n", name, n); err != nil {
			return err
		}
	}
	return nil
}

func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == '�' {
			return '_'
		}
		return r
	}, printable(s))
}
