package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"sportello/store"
)

// stopped: what can be read is read from the store, what cannot be done says so.
func (d *liveDesk) stopped() {
	id := d.caseOf("mario.rossi")
	d.stop()
	d.says(words("queue list"), `mario.rossi`)
	d.says([]string{"queue", "show", id}, `^Case `+id)
	d.says(words("stats"), `^daemon +stopped`)
	d.says(words("stats --days 7"), `requests`)
	d.says(words("parked list"), `MESSAGE`)
	d.says(words("log verify"), `the chain is whole`)
	d.says(words("user list"), `anna`)
	d.refuses(1, []string{"queue", "note", id, "--text", "x"}, `the daemon is not running: start .sportello run.`)
	d.refuses(1, words("parked replay 1"), `the daemon is not running`)
	if o := d.do("una parola lunga\n", "user", "add", "carlo"); o.code != 0 || !strings.Contains(o.out, "carlo is added") {
		d.t.Errorf("a user while the daemon is stopped: %+v", o)
	}
	d.says(words("user list"), `carlo +operator`)
	d.followsLater()
}

// followsLater: whoever follows the journal of a stopped daemon keeps it from
// nothing, and sees what it does when it is back.
func (d *liveDesk) followsLater() {
	ctx, stop := context.WithCancel(d.t.Context())
	defer stop()
	out, in := io.Pipe()
	waits, waiting := io.Pipe()
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"-c", d.config, "log", "-f", "--last", "1"}, nil, in, waiting) }()
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); err != nil || !strings.Contains(line, "20") {
		d.t.Fatalf("the last entry: %q, %v", line, err)
	}
	if line, err := bufio.NewReader(waits).ReadString('\n'); err != nil || !strings.Contains(line, "waiting for it") {
		d.t.Fatalf("it says %q, %v", line, err)
	}
	st, err := store.Open(d.office.Data, store.Options{})
	if err != nil {
		d.t.Fatalf("the daemon cannot start: %v", err)
	}
	st.Close()
	socket, err := net.Listen("unix", filepath.Join(d.office.Data, socketName))
	if err != nil {
		d.t.Fatal(err)
	}
	defer socket.Close()
	go http.Serve(socket, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // ends with its listener
		fmt.Fprintln(w, `{"seq":99999,"kind":"reloaded"}`)
	}))
	if line, err := lines.ReadString('\n'); err != nil || !strings.Contains(line, "99999") {
		d.t.Errorf("of the daemon that is back is seen %q, %v", line, err)
	}
	go io.Copy(io.Discard, out)
	if code := <-ended; code != 0 {
		d.t.Errorf("exit %d", code)
	}
}

// damaged: whatever is asked of a damaged database says so, and what to do.
func (d *liveDesk) damaged() {
	path := filepath.Join(d.office.Data, "sportello.db")
	good, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	overwritten := append([]byte(nil), good...)
	clear(overwritten[3*4096:])
	for _, bad := range [][]byte{good[:5*4096], overwritten} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			d.t.Fatal(err)
		}
		for _, verb := range []string{"verify", "log verify", "queue list", "stats", "run"} {
			d.refuses(1, words(verb), `the store is damaged: .*: stop the daemon, put the data folder aside, and restore the last backup`)
		}
	}
}

// mistaken: a mistake in the configuration takes no verb away from who has a
// daemon that answers.
func (d *liveDesk) mistaken() {
	good, err := os.ReadFile(d.config)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() {
		if err := os.WriteFile(d.config, good, 0o600); err != nil {
			d.t.Fatal(err)
		}
	}()
	for _, wrong := range []string{"bogus = 1\n" + string(good), string(good) + "\n[bogus]\n", string(good) + "\nfour_eyes = perhaps\n"} {
		if err := os.WriteFile(d.config, []byte(wrong), 0o600); err != nil {
			d.t.Fatal(err)
		}
		d.says(words("queue list"), `mario.rossi`)
		d.refuses(1, words("config check"), `bogus|texts stand in quotes`)
	}
}

// opensParked makes a case of what nobody vouches for.
func (d *liveDesk) opensParked() {
	m := regexp.MustCompile(`(?m)^(\d+) .*signature_`).FindStringSubmatch(d.says(words("parked list")).out)
	if m == nil {
		d.t.Fatal("nothing that is not proved is parked")
	}
	id := regexp.MustCompile(`20\d\d-\d+`).FindString(d.says([]string{"parked", "open", m[1]}, `^message `+m[1]+` is case 20`).out)
	d.says([]string{"queue", "show", id}, `review`, `Its sender is not proved: signature_`)
	d.refuses(1, []string{"parked", "open", m[1]}, `is not parked`)
}
