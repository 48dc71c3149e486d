package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// docsCommand writes what a package installs beside the binary: manual pages
// and shell completions. It is hidden: packagers know it from packaging/deb.sh.
func docsCommand() *cobra.Command {
	return &cobra.Command{Use: "docs DIR", Short: "write manual pages and shell completions", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			man := filepath.Join(args[0], "man")
			shells := filepath.Join(args[0], "completions")
			for _, dir := range []string{man, shells} {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					return err
				}
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true // the same source gives the same pages
			if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "Sportello", Manual: "Sportello"}, man); err != nil {
				return err
			}
			if err := root.GenBashCompletionFileV2(filepath.Join(shells, "sportello.bash"), true); err != nil {
				return err
			}
			if err := root.GenZshCompletionFile(filepath.Join(shells, "sportello.zsh")); err != nil {
				return err
			}
			return root.GenFishCompletionFile(filepath.Join(shells, "sportello.fish"), true)
		}}
}
