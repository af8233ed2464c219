/** Every event of the shop, with its properties. Names: snake_case, object first, past tense. Amounts in cents, nothing personal. */
export interface Events {
  user_signed_up: { method: 'password' }; // the server's
  user_logged_in: { method: 'password' }; // the server's
  kit_viewed: { kit: string; price_cents: number }; // the browser's
  order_placed: { order_id: string; kit: string; amount_cents: number }; // the server's: it alone knows that money moved
}
