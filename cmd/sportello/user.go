package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sportello/mailproc/console"
)

func userCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "who may use the console: add, remove, list, passwd, role",
		Long: "Roles: viewer sees, operator decides, admin also manages users. A password is asked\nfor at the terminal, or read from the first line of standard input. Works while the\ndaemon is stopped too: the first user has to come from somewhere."}
	var role string
	add := &cobra.Command{Use: "add NAME", Short: "add a user", Args: cobra.ExactArgs(1), Example: "  sportello user add anna --role operator",
		RunE: func(cmd *cobra.Command, args []string) error {
			password, err := g.newPassword(cmd)
			if err != nil {
				return err
			}
			in := map[string]string{"name": args[0], "role": role, "password": password}
			return changeUser(cmd, g, "POST", "/api/users", in, args[0]+" is added as "+role)
		}}
	add.Flags().StringVar(&role, "role", "operator", roleNames())
	completeFlag(add, "role", fixed(roleList()...))
	passwd := &cobra.Command{Use: "passwd NAME", Short: "give a user a new password; his sessions end, his tokens stay (token drop --user NAME)", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			password, err := g.newPassword(cmd)
			if err != nil {
				return err
			}
			return changeUser(cmd, g, "POST", userPath(args[0]), map[string]string{"password": password}, args[0]+" has a new password")
		}}
	change := &cobra.Command{Use: "role NAME ROLE", Short: "change what a user may do", Args: cobra.ExactArgs(2), Example: "  sportello user role anna admin",
		RunE: func(cmd *cobra.Command, args []string) error {
			return changeUser(cmd, g, "POST", userPath(args[0]), map[string]string{"role": args[1]}, args[0]+" is now "+args[1])
		}}
	remove := &cobra.Command{Use: "remove NAME", Short: "remove a user, with his sessions and tokens", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return changeUser(cmd, g, "DELETE", userPath(args[0]), nil, args[0]+" is removed")
		}}
	for _, c := range []*cobra.Command{passwd, change, remove} {
		c.ValidArgsFunction = completeUsers(g)
	}
	cmd.AddCommand(add, passwd, change, remove, userList(g))
	return cmd
}

func roleList() (out []string) {
	for _, r := range console.Roles {
		out = append(out, string(r))
	}
	return out
}

func roleNames() string { return strings.Join(roleList(), ", ") }

func userPath(name string) string { return "/api/users/" + url.PathEscape(name) }

func userList(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "list the users with their roles and last log-in", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		var out struct{ Users []console.UserInfo }
		if err := ask(cmd, g, "GET", "/api/users", nil, &out); err != nil {
			return err
		}
		return newList(cmd, g, func(u console.UserInfo) []cell { return []cell{text(u.Name), text(string(u.Role)), text(when(u.Seen))} },
			col("USER"), col("ROLE"), col("LAST LOG-IN")).print(out.Users, "no user: `sportello user add NAME` adds one")
	}}
	cmd.Flags().BoolVar(&g.json, "json", false, "one JSON object a line")
	return cmd
}

// changeUser asks for a change of users, of the daemon or, while it is
// stopped, of its store.
func changeUser(cmd *cobra.Command, g *global, method, path string, in any, done string) error {
	err := ask(cmd, g, method, path, in, nil)
	if isStopped(err) || errors.Is(err, errNoDatabase) {
		err = changeStopped(cmd, g, method, path, in)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), done)
	return err
}

func changeStopped(cmd *cobra.Command, g *global, method, path string, in any) error {
	cfg, err := configToLook(g.config)
	if err != nil {
		return err
	}
	c, err := openStopped(cfg, g, false)
	if err != nil {
		return err
	}
	defer c.close()
	return c.call(cmd.Context(), method, path, in, nil)
}

// newPassword asks for a new password, twice at a terminal.
func (g *global) newPassword(cmd *cobra.Command) (string, error) {
	one, err := g.askPassword(cmd, "New password: ")
	if err != nil || !atTerminal(cmd) {
		return one, err
	}
	two, err := g.askPassword(cmd, "Again: ")
	if err == nil && one != two {
		err = errors.New("the two passwords differ")
	}
	return one, err
}

func atTerminal(cmd *cobra.Command) bool {
	in, ok := cmd.InOrStdin().(*os.File)
	return ok && term.IsTerminal(int(in.Fd()))
}

// askPassword asks at the terminal, unseen, and reads a line otherwise.
func (g *global) askPassword(cmd *cobra.Command, prompt string) (string, error) {
	if !atTerminal(cmd) {
		if g.lines == nil {
			g.lines = bufio.NewReader(cmd.InOrStdin())
		}
		line, err := g.lines.ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			if err == nil || errors.Is(err, io.EOF) {
				err = errors.New("give it as the first line, or at a terminal")
			}
			return "", fmt.Errorf("no password on standard input: %w", err)
		}
		return line, nil
	}
	fmt.Fprint(cmd.ErrOrStderr(), prompt)
	raw, err := term.ReadPassword(int(cmd.InOrStdin().(*os.File).Fd()))
	fmt.Fprintln(cmd.ErrOrStderr())
	return string(raw), err
}
