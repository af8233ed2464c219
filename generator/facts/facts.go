// Package facts knows what can be said of a text without understanding it: how many tokens it has, which secrets and hidden characters it
// holds, which versions a manifest names, what it claims. It never shows a secret's value.
package facts
