package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
)

func incidentsCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "incidents", Short: "what is wrong now: servers, disk, promises in danger, cases that wait for a person", Args: cobra.NoArgs,
		Long: "Everything that [alert] tells a person of, while it lasts: what is about the whole\ndesk first, then the cases. Without an [alert] only this list and the console's\npage show it.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := openIncidents(cmd, g)
			if err != nil {
				return err
			}
			t := newTable(col("ABOUT"), col("SINCE"), flexible("WHAT", 30))
			enc := json.NewEncoder(cmd.OutOrStdout())
			for _, i := range list {
				if g.json {
					if err := enc.Encode(i); err != nil {
						return err
					}
				}
				t.add(toned(i.About, bold), text(when(i.Since)), text(i.Text))
			}
			switch {
			case g.json:
				return nil
			case len(list) == 0:
				_, err := fmt.Fprintln(cmd.ErrOrStderr(), "nothing is wrong")
				return err
			}
			return t.print(cmd.OutOrStdout())
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "one JSON object a line")
	return cmd
}

func openIncidents(cmd *cobra.Command, g *global) ([]console.Incident, error) {
	var out struct{ Incidents []console.Incident }
	err := ask(cmd, g, "GET", "/api/incidents", nil, &out)
	return out.Incidents, err
}
