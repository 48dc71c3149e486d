package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/rules"
	"sportello/store"
)

func userCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "who may use the console: add, remove, list, passwd",
		Long: "Roles: viewer sees, operator decides, admin also manages users. A password is asked\nfor at the terminal, or read from the first line of standard input."}
	var role string
	add := &cobra.Command{Use: "add NAME", Short: "add a user", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return withPassword(cmd, g, userQuestion{Do: "add", Name: args[0], Role: role})
	}}
	add.Flags().StringVar(&role, "role", "operator", "viewer, operator or admin")
	cmd.AddCommand(add,
		&cobra.Command{Use: "passwd NAME", Short: "give a user a new password; his sessions end", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			return withPassword(cmd, g, userQuestion{Do: "passwd", Name: args[0]})
		}},
		&cobra.Command{Use: "remove NAME", Short: "remove a user", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			return askUsers(cmd, g, userQuestion{Do: "remove", Name: args[0]})
		}},
		&cobra.Command{Use: "list", Short: "list the users", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			return askUsers(cmd, g, userQuestion{Do: "list"})
		}})
	return cmd
}

// userQuestion is what `user` asks the daemon over its socket.
type userQuestion struct {
	Do       string `json:"do"`
	Name     string `json:"name,omitempty"`
	Role     string `json:"role,omitempty"`
	Password string `json:"password,omitempty"`
	Author   string `json:"author"`
}

func withPassword(cmd *cobra.Command, g *global, q userQuestion) (err error) {
	if q.Password, err = askPassword(cmd); err != nil {
		return err
	}
	return askUsers(cmd, g, q)
}

// askPassword asks twice at a terminal, and reads a line otherwise.
func askPassword(cmd *cobra.Command) (string, error) {
	in, ok := cmd.InOrStdin().(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			return "", errors.Join(errors.New("no password on standard input"), err)
		}
		return line, nil
	}
	read := func(prompt string) (string, error) {
		fmt.Fprint(cmd.ErrOrStderr(), prompt)
		raw, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(cmd.ErrOrStderr())
		return string(raw), err
	}
	one, err := read("Password: ")
	if err != nil {
		return "", err
	}
	two, err := read("Again: ")
	if err == nil && one != two {
		err = errors.New("the two passwords differ")
	}
	return one, err
}

func askUsers(cmd *cobra.Command, g *global, q userQuestion) error {
	q.Author = whoAmI()
	var users []console.User
	err := ask(cmd, g, "POST", "/api/users", q, &users)
	if err != nil && err.Error() == rules.ErrStopped.Error() {
		users, err = offlineUsers(g, q)
	}
	if err != nil {
		return err
	}
	for _, u := range users {
		fmt.Fprintf(cmd.OutOrStdout(), "%-20s %s\n", u.Name, u.Role)
	}
	if q.Do != "list" {
		fmt.Fprintf(cmd.OutOrStdout(), "%s: done\n", q.Name)
	}
	return nil
}

// offlineUsers changes users while the daemon is stopped: the first one has to
// come from somewhere.
func offlineUsers(g *global, q userQuestion) ([]console.User, error) {
	cfg, err := LoadConfig(g.config)
	if err != nil {
		return nil, err
	}
	st, err := store.Open(cfg.Data, store.Options{})
	if err != nil {
		return nil, err
	}
	defer st.Close()
	desk, err := buildDesk(cfg, st, nil)
	if err != nil {
		return nil, err
	}
	return users(cfg, &mailproc.Office{Desk: desk, Running: true}, q)
}

// users does what was asked, and lists the users when that was the question.
func users(cfg *Config, office *mailproc.Office, q userQuestion) ([]console.User, error) {
	c, err := buildConsole(cfg, office)
	if err != nil {
		return nil, err
	}
	p := c.People()
	switch q.Do {
	case "add":
		return nil, p.Add(q.Author, q.Name, console.Role(q.Role), q.Password)
	case "passwd":
		return nil, p.SetPassword(q.Author, q.Name, q.Password)
	case "remove":
		return nil, p.Remove(q.Author, q.Name)
	case "list":
		return p.List()
	}
	return nil, fmt.Errorf("unknown question %q", q.Do)
}

func (a *admin) registerUsers(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/users", handle(func(_ context.Context, q userQuestion) (any, error) {
		if !a.office.Running && q.Do != "list" {
			return nil, rules.ErrStopped
		}
		return users(a.cfg, a.office, q)
	}))
}
