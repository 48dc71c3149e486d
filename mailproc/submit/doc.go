// Package submit sends one letter by SMTP and says how it ended.
//
// The end is the point: a PEC letter must not go out twice. Send returns the server's answer, or an *Error whose Kind
// says what is known: nothing was accepted and it may work later (Temporary, Unreachable, Login, Barred), nothing was accepted
// and it never will be (Permanent), or nobody knows (Uncertain): the connection ended after the message's last bytes
// began to leave and before the server's answer came. Only the provider's receipts can decide that (design §6).
//
//	p := submit.NewPool(account, 4)
//	answer, err := p.Send(ctx, submit.Letter{From: from, To: to, Data: data})
//
// A Sender keeps its connection for the next letter; a Pool is a few of them. After a Login error the caller lets some
// time pass before the next letter: providers lock the account of one that tries again and again. Barred is as much about
// every letter of the account.
//
// # Where to look
//
//	submit.go     Account, Letter, and how a sending may end: Error, its Kind and Stage
//	sender.go     a Sender's connection: opened, logged in, used again, closed; a Pool of them
//	wire.go       MAIL, RCPT and DATA of one letter, and the server's answers
//	compose.go    a letter put into bytes: headers, text, attachments
//
// What a server's answer means is in kindOf and bars (submit.go); one that means something else begins as a case of
// TestRefusalsAndTheNextLetter or TestBarred. A new way to log in is a case of login (sender.go).
//
// # Limits
//
// One recipient a letter, ASCII addresses. Passwords only (PLAIN, LOGIN). The commands of one letter go together where the
// server allows it; the next letter waits for the answer to the one before.
package submit
