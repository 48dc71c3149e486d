package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
)

// list prints things of a kind: as JSON, one object a line and at once, or as
// a table at the end.
type list[T any] struct {
	cmd   *cobra.Command
	json  *json.Encoder // nil: as a table
	table *table
	row   func(T) []cell
}

func newList[T any](cmd *cobra.Command, g *global, row func(T) []cell, cols ...column) *list[T] {
	l := &list[T]{cmd: cmd, table: newTable(cols...), row: row}
	if g.json {
		l.json = toJSON(cmd.OutOrStdout())
	}
	return l
}

func (l *list[T]) add(x T) error {
	if l.json != nil {
		return l.json.Encode(x)
	}
	l.table.add(l.row(x)...)
	return nil
}

// end prints the table, or beside the output that there is nothing in it.
func (l *list[T]) end(nothing string) error {
	switch {
	case l.json != nil:
		return nil
	case len(l.table.rows) == 0:
		_, err := fmt.Fprintln(l.cmd.ErrOrStderr(), nothing)
		return err
	}
	return l.table.print(l.cmd.OutOrStdout())
}

// print is the whole list.
func (l *list[T]) print(all []T, nothing string) error {
	for _, x := range all {
		if err := l.add(x); err != nil {
			return err
		}
	}
	return l.end(nothing)
}
