package peers

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
)

// Sink is Postfix's smtp-sink: it takes every letter from everybody, as fast as it can be said, and throws it away.
type Sink struct {
	Addr string // host:port on 127.0.0.1; without AUTH

	dir  string
	proc *process
	once sync.Once
}

// NewSink starts a sink; Close ends it.
func NewSink() (*Sink, error) {
	bin, err := find("smtp-sink")
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(1)
	if err != nil {
		return nil, err
	}
	s := &Sink{Addr: loopback(ports[0])}
	if s.dir, err = newDir("sink"); err != nil {
		return nil, err
	}
	args := []string{bin, "-c"}
	if os.Getuid() == 0 {
		args = append(args, "-u", "nobody")
	}
	if s.proc, err = start(s.counts(), append(args, s.Addr, "256")...); err == nil {
		err = s.proc.listening(s.Addr)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Sink) counts() string { return filepath.Join(s.dir, "counts") }

// said is what smtp-sink writes after every letter, over what it wrote before.
var said = regexp.MustCompile(`mesg=(\d+)`)

// Letters is how many letters came since the start.
func (s *Sink) Letters() (int, error) {
	f, err := os.Open(s.counts())
	if err != nil {
		return 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	tail := make([]byte, min(st.Size(), 256))
	if _, err := f.ReadAt(tail, st.Size()-int64(len(tail))); err != nil {
		return 0, err
	}
	all := said.FindAllSubmatch(tail, -1)
	if len(all) == 0 {
		return 0, nil
	}
	return strconv.Atoi(string(all[len(all)-1][1]))
}

// Close ends the sink.
func (s *Sink) Close() error {
	s.once.Do(func() {
		if s.proc != nil {
			s.proc.stop()
		}
		os.RemoveAll(s.dir)
	})
	return nil
}
