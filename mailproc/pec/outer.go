package pec

import (
	"net/mail"
	"strings"
	"time"
)

// outerHeader is the header of a message, its fields as they stand.
type outerHeader struct {
	from, to, subject, messageID, inReplyTo, references []byte
	reference, returnPath, trasporto, ricevuta          []byte
	autoSubmitted, precedence, listID, date             []byte
	hasReturnPath                                       bool
	froms, ids, kinds                                   int // how often From, Message-ID, X-Trasporto or X-Ricevuta occur
}

// readOuter takes the fields that matter; of those given twice the first.
func readOuter(block []byte) outerHeader {
	var h outerHeader
	for _, f := range fields(block) {
		to := h.place(f.name)
		if to == nil {
			continue
		}
		if *to == nil {
			*to = f.value
		}
		switch f.name {
		case "from":
			h.froms++
		case "message-id":
			h.ids++
		case "x-trasporto", "x-ricevuta":
			h.kinds++
		case "return-path":
			h.hasReturnPath = true
		}
	}
	return h
}

// place is where a field's value is kept.
func (h *outerHeader) place(name string) *[]byte {
	switch name {
	case "from":
		return &h.from
	case "to":
		return &h.to
	case "subject":
		return &h.subject
	case "message-id":
		return &h.messageID
	case "in-reply-to":
		return &h.inReplyTo
	case "references":
		return &h.references
	case "x-riferimento-message-id":
		return &h.reference
	case "return-path":
		return &h.returnPath
	case "x-trasporto":
		return &h.trasporto
	case "x-ricevuta":
		return &h.ricevuta
	case "auto-submitted":
		return &h.autoSubmitted
	case "precedence":
		return &h.precedence
	case "list-id", "list-unsubscribe":
		return &h.listID
	case "date":
		return &h.date
	}
	return nil
}

// header decodes the fields for people.
func (h *outerHeader) header() Header {
	out := Header{
		From: decodeText(h.from), To: decodeText(h.to), Subject: decodeText(h.subject),
		MessageID: bareID(unfold(h.messageID)), InReplyTo: firstID(unfold(h.inReplyTo)),
		References: idList(unfold(h.references)), Reference: bareID(unfold(h.reference)),
		Trasporto: lowerToken(h.trasporto), Ricevuta: lowerToken(h.ricevuta),
		AutoSubmitted: lowerToken(h.autoSubmitted), Precedence: lowerToken(h.precedence),
		ListID: strings.ToLower(decodeText(h.listID)), Date: parseDate(unfold(h.date)),
	}
	if h.hasReturnPath {
		if out.ReturnPath = bareID(unfold(h.returnPath)); out.ReturnPath == "" {
			out.ReturnPath = "<>"
		}
	}
	return out
}

// bareID is a Message-ID without angle brackets and blanks.
func bareID(s string) string {
	if strings.ContainsAny(s, " \t\r\n") {
		s = strings.Join(strings.Fields(s), "")
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
}

func firstID(s string) string {
	if ids := idList(s); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// maxReferences bounds the References kept; the last ones are the nearest.
const maxReferences = 100

// idList reads the Message-IDs of a References field, in order, without angle brackets.
func idList(s string) []string {
	var out []string
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		s = s[i+1:]
		j := strings.IndexByte(s, '>')
		if j < 0 {
			break
		}
		if id := bareID(s[:j]); id != "" {
			out = append(out, id)
		}
		s = s[j+1:]
	}
	return out[max(0, len(out)-maxReferences):]
}

// parseDate reads a Date field; zero when it cannot be read.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	t, err := mail.ParseDate(s)
	if err != nil {
		return time.Time{}
	}
	return t
}
