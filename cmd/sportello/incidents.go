package main

import (
	"github.com/spf13/cobra"

	"sportello/mailproc/console"
)

func incidentsCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "incidents", Short: "what is wrong now: servers, disk, promises in danger, cases that wait for a person", Args: cobra.NoArgs,
		Long: "Everything that [alert] tells a person of, while it lasts: what is about the whole\ndesk first, then the cases. Without an [alert] only this list and the console's\npage show it.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			open, err := openIncidents(cmd, g)
			if err != nil {
				return err
			}
			return newList(cmd, g, func(i console.Incident) []cell {
				return []cell{toned(i.About, bold), text(when(i.Since)), text(i.Text)}
			}, col("ABOUT"), col("SINCE"), flexible("WHAT", 30)).print(open, "nothing is wrong")
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "one JSON object a line")
	return cmd
}

func openIncidents(cmd *cobra.Command, g *global) ([]console.Incident, error) {
	var out struct{ Incidents []console.Incident }
	err := ask(cmd, g, "GET", "/api/incidents", nil, &out)
	return out.Incidents, err
}
