// Package pec reads a message of an Italian PEC mailbox and proves who sent it.
package pec
