package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// valueError is what is wrong with a value.
type valueError struct{ value, why string }

func (e *valueError) Error() string { return fmt.Sprintf("%q %s", e.value, e.why) }

// Duration is a span of time in the configuration: "30s", "15m", "24h", "7d".
// It is no kind of number, or TOML's 30 would be thirty nanoseconds.
type Duration struct{ time.Duration }

// UnmarshalText reads it.
func (d *Duration) UnmarshalText(text []byte) error {
	s := string(text)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 100_000 {
			d.Duration = time.Duration(n) * 24 * time.Hour
			return nil
		}
	}
	v, err := time.ParseDuration(s)
	if err != nil || v < 0 {
		return &valueError{s, `is no duration: write it like "30s", "15m", "24h" or "7d"`}
	}
	d.Duration = v
	return nil
}

// TimeOfDay is an hour of every day in the configuration: "03:30", or "never".
type TimeOfDay struct {
	After time.Duration // after midnight
	Never bool
	Set   bool // it is in the file
}

// UnmarshalText reads it.
func (d *TimeOfDay) UnmarshalText(text []byte) error {
	if string(text) == "never" {
		*d = TimeOfDay{Never: true, Set: true}
		return nil
	}
	at, err := time.Parse("15:04", string(text))
	if err != nil {
		return &valueError{string(text), `is no hour of the day: write it like "03:30", or "never"`}
	}
	*d = TimeOfDay{After: time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, Set: true}
	return nil
}

// Size is a number of bytes in the configuration: "100 MB".
type Size struct{ Bytes int64 }

// UnmarshalText reads it.
func (b *Size) UnmarshalText(text []byte) error {
	s := strings.ToUpper(strings.ReplaceAll(string(text), " ", ""))
	unit := int64(1)
	for _, u := range []struct {
		name string
		n    int64
	}{{"KIB", 1 << 10}, {"MIB", 1 << 20}, {"GIB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}} {
		if rest, ok := strings.CutSuffix(s, u.name); ok {
			s, unit = rest, u.n
			break
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > (1<<62)/unit {
		return &valueError{string(text), `is no size: write it like "100 MB"`}
	}
	b.Bytes = n * unit
	return nil
}

// Secret is a password or key: it never prints itself.
type Secret struct{ value string }

// Format hides the secret from every verb; String alone would not hide it
// from %d.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "***") }

// String hides the secret.
func (Secret) String() string { return "***" }

// MarshalText hides the secret.
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }

// readSecret reads the first line of a file, or an environment variable.
func readSecret(file, env string) (Secret, error) {
	if file != "" {
		raw, err := os.ReadFile(file)
		if err != nil {
			return Secret{}, fmt.Errorf("read secret: %w", err)
		}
		line, _, _ := strings.Cut(string(raw), "\n")
		if line = strings.TrimRight(line, "\r"); line == "" {
			return Secret{}, fmt.Errorf("the secret in %s is empty", file)
		}
		return Secret{line}, nil
	}
	if v := os.Getenv(env); v != "" {
		return Secret{v}, nil
	}
	return Secret{}, fmt.Errorf("the environment variable %s is empty", env)
}
