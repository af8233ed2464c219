// Fake: the payment provider's script, which makes a token of a card, so that no card reaches our backend. No money moves.

export class CardDeclined extends Error {}

export async function tokenize(card: unknown, kit: unknown): Promise<string> {
  if (card === "declined") throw new CardDeclined();
  if (kit === "albatross") throw new Error("payment gateway: connection reset"); // the checkout that can fail
  return "tok_" + crypto.randomUUID();
}
