// Package templates holds the default procedures as data: one folder each,
// and comuni for what they share. README.md says how to add one.
package templates

import "embed"

// FS holds every folder; rules.Load reads it.
//
//go:embed README.md */*.toml */*.txt */*/*.txt
var FS embed.FS
