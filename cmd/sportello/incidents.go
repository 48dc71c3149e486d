package main

import (
	"fmt"

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

func retryCommand(g *global) *cobra.Command {
	return &cobra.Command{Use: "retry", Short: "try again now what waits for its next try: logins, letters, steps, the registry", Args: cobra.NoArgs,
		Long: "After a refused login the desk waits a quarter of an hour, so that the account is not\nlocked; a letter, a step, a registry that does not answer have pauses of their own.\nOnce what was wrong is mended, this ends all of them. SIGHUP does so too.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := ask(cmd, g, "POST", "/api/retry", struct{}{}, nil); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "everything that waited is tried again; `sportello incidents` says what is still wrong")
			return err
		}}
}

func openIncidents(cmd *cobra.Command, g *global) ([]console.Incident, error) {
	var out struct{ Incidents []console.Incident }
	err := ask(cmd, g, "GET", "/api/incidents", nil, &out)
	return out.Incidents, err
}
