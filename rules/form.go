package rules

// Form is a text a customer is told to send, with blanks (modulo).
type Form struct {
	Text string // as the customer reads it
}
