package store

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"time"
	"unicode/utf8"

	"sportello/rules"
)

// appendEvent appends the public part of an event as encoding/json would
// (a test holds the two together). The journal is written for auditors, hence
// JSON; every message adds several entries, hence no reflection.
func appendEvent(b []byte, e *rules.Event) []byte {
	b = append(b, `{"seq":`...)
	b = strconv.AppendUint(b, e.Seq, 10)
	b = appendTime(b, `,"at":`, e.At)
	b = append(b, `,"kind":`...)
	b = appendString(b, string(e.Kind))
	b = optional(b, `,"case":`, e.Case)
	b = optional(b, `,"author":`, e.Author)
	b = optional(b, `,"to":`, e.To)
	b = number(b, `,"message":`, int64(e.Message))
	b = optional(b, `,"mailbox":`, e.Mailbox)
	b = optional(b, `,"procedure":`, e.Procedure)
	b = optional(b, `,"outcome":`, string(e.Outcome))
	b = optional(b, `,"reason":`, string(e.Reason))
	b = optionalTime(b, `,"received":`, e.Received)
	b = optionalTime(b, `,"due":`, e.Due)
	b = optionalTime(b, `,"target":`, e.Target)
	b = optionalTime(b, `,"warn":`, e.Warn)
	b = optionalTime(b, `,"until":`, e.Until)
	b = texts(b, `,"flags":`, e.Flags)
	b = optional(b, `,"previous":`, e.Previous)
	b = appendSteps(b, e.Steps)
	b = optional(b, `,"envelope":`, e.Envelope)
	b = optional(b, `,"digest":`, e.Digest)
	b = appendInts(b, `,"letters":`, e.Letters)
	b = optional(b, `,"detail":`, e.Detail)
	if l := e.Letter; l != nil {
		b = append(b, `,"letter":{"n":`...)
		b = strconv.AppendInt(b, int64(l.N), 10)
		b = optional(b, `,"name":`, l.Name)
		b = optional(b, `,"message_id":`, l.MessageID)
		b = number(b, `,"attempt":`, int64(l.Attempt))
		b = optional(b, `,"answer":`, l.Answer)
		b = append(b, '}')
	}
	if s := e.Step; s != nil {
		b = append(b, `,"step":{"n":`...)
		b = strconv.AppendInt(b, int64(s.N), 10)
		b = optional(b, `,"do":`, s.Do)
		b = number(b, `,"attempt":`, int64(s.Attempt))
		b = append(b, '}')
	}
	if r := e.Receipt; r != nil {
		b = append(b, `,"receipt":{"kind":`...)
		b = appendString(b, r.Kind)
		b = appendTime(b, `,"at":`, r.At)
		b = optional(b, `,"identifier":`, r.Identifier)
		b = optional(b, `,"provider":`, r.Provider)
		b = optional(b, `,"error":`, r.Error)
		b = append(b, '}')
	}
	b = optional(b, `,"private":`, e.PrivateDigest)
	return append(b, '}')
}

func appendSteps(b []byte, steps []rules.Step) []byte {
	if len(steps) == 0 {
		return b
	}
	b = append(b, `,"steps":[`...)
	for i, s := range steps {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"do":`...)
		b = appendString(b, s.Do)
		b = append(b, `,"after":`...)
		b = appendString(b, s.After)
		b = optional(b, `,"of":`, s.Of)
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendInts(b []byte, key string, v []int) []byte {
	if len(v) == 0 {
		return b
	}
	b = append(append(b, key...), '[')
	for i, n := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, ']')
}

func optional(b []byte, key, v string) []byte {
	if v == "" {
		return b
	}
	return appendString(append(b, key...), v)
}

func number(b []byte, key string, v int64) []byte {
	if v == 0 {
		return b
	}
	return strconv.AppendInt(append(b, key...), v, 10)
}

func texts(b []byte, key string, v []string) []byte {
	if len(v) == 0 {
		return b
	}
	b = append(append(b, key...), '[')
	for i, s := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, s)
	}
	return append(b, ']')
}

func optionalTime(b []byte, key string, t *time.Time) []byte {
	if t == nil {
		return b
	}
	return appendTime(b, key, *t)
}

func appendTime(b []byte, key string, t time.Time) []byte {
	b = append(append(b, key...), '"')
	return append(t.AppendFormat(b, time.RFC3339Nano), '"')
}

// appendString quotes s as encoding/json does, HTML characters included.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if plain[c] {
				i++
				continue
			}
			b = append(b, s[from:i]...)
			b = escape(b, c)
			i++
			from = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(append(b, s[from:i]...), `\ufffd`...)
			from = i + size
		case r == '\u2028' || r == '\u2029': // they end a line in JavaScript
			b = append(append(b, s[from:i]...), `\u202`...)
			b = append(b, hexDigits[r&0xf])
			from = i + size
		}
		i += size
	}
	return append(append(b, s[from:]...), '"')
}

const hexDigits = "0123456789abcdef"

var plain = func() (p [utf8.RuneSelf]bool) {
	for c := range p {
		p[c] = c >= ' ' && bytes.IndexByte([]byte("\"\\<>&"), byte(c)) < 0
	}
	return p
}()

func escape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
}

func hexOf(sum [32]byte) string {
	var room [64]byte
	hex.Encode(room[:], sum[:])
	return string(room[:])
}
