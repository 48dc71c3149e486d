package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"sportello/mailproc"
)

func registryCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "registry", Short: "what is known of mailboxes and orders: show, import",
		Long: "Checks ask the registry: two files of [registry], or the provider's own service (url)."}
	cmd.AddCommand(registryShow(g), registryImport(g))
	return cmd
}

func registryShow(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "show ADDRESS", Short: "what the registry says of a mailbox", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := configToLook(g.config)
			if err != nil {
				return err
			}
			registry, err := openRegistry(cfg, nil)
			if err != nil {
				return err
			}
			if registry == nil {
				return fmt.Errorf("no [registry] in %s", cfg.File)
			}
			m, err := registry.Mailbox(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if m == nil {
				return fmt.Errorf("the registry does not know %s: look whether it is written so in %s (`sportello registry import` replaces a file)", args[0], cmp.Or(cfg.Registry.Mailboxes, cfg.Registry.URL))
			}
			if g.json {
				return toJSON(cmd.OutOrStdout()).Encode(m)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "address  %s\nstatus   %s\nholder   %s\npanel    %s\nexpires  %s\n", printable(m.Address), m.Status, printable(dash(m.Holder)), printable(dash(m.Panel)), local(&m.Expires, "2 Jan 2006"))
			return err
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "as one JSON object")
	return cmd
}

func registryImport(g *global) *cobra.Command {
	return &cobra.Command{Use: "import FILE|URL", Short: "put a new file of mailboxes or orders in force; one that is wrong leaves the old one", Args: cobra.ExactArgs(1),
		Long: "Checks every row of the file, tells by its first line whether it holds mailboxes or\n" +
			"orders, and puts it in one step where the configuration says ([registry] mailboxes,\norders). A file that is copied there is read too, once it is at rest.",
		Example: "  sportello registry import mailboxes-2026-11-26.csv",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := configToImport(g.config)
			if err != nil {
				return err
			}
			raw, err := fetch(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			orders, rows, err := mailproc.CheckCSV(raw, args[0], rome)
			if err != nil {
				return fmt.Errorf("%w — the file in force stays as it was", err)
			}
			what, name := "mailboxes", cfg.Registry.Mailboxes
			if orders {
				what, name = "orders", cfg.Registry.Orders
			}
			if name == "" {
				return fmt.Errorf("%s has no [registry] %s: name there the file that they are kept in", cfg.File, what)
			}
			if err := replaceFile(name, raw, allowedAs(name)); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s in force: %d %s\n", name, rows, what)
			return tellDaemon(cmd, g)
		}}
}

// allowedAs gives a new file the owner and the rights of the one it replaces: customers' data is not for everybody, and
// the desk must be able to read it.
func allowedAs(name string) func(*os.File) error {
	return func(tmp *os.File) error {
		old, err := os.Stat(name)
		if errors.Is(err, os.ErrNotExist) {
			return tmp.Chmod(0o640)
		}
		if err != nil {
			return err
		}
		if stat, ok := old.Sys().(*syscall.Stat_t); ok {
			err = tmp.Chown(int(stat.Uid), int(stat.Gid))
		}
		return errors.Join(err, tmp.Chmod(old.Mode().Perm()))
	}
}
