/** Goes through the shop once, as somebody would, and returns the id that the backend knows her by. */
export async function walk(page) {
  const sendForm = async (button, password) => {
    await page.type("[name=email]", "ada@hangar.example");
    await page.type("[name=password]", password);
    await page.click(button);
  };
  const look = async (kit) => {
    await page.click("Kits");
    await page.click(kit);
  };

  await page.open("/");
  await look("Dart");
  await page.click("Order for 9.00");
  await page.sees("Who goes there?"); // the guard: no session yet
  await sendForm("Log in", "wrong");
  await page.sees("Wrong e-mail or password.");
  await sendForm("Sign up", "correct horse");
  await page.sees("Log out");
  const userId = await page.run(() => localStorage.getItem("hangar_session"));

  await page.open("/kits/dart"); // a page load: the session goes on
  await page.click("Order for 9.00");
  await page.sees("Dart, ordered.");
  await look("Dart");
  await page.type("[name=card]", "declined");
  await page.click("Order for 9.00");
  await page.sees("The card was declined.");
  await look("Albatross");
  await page.click("Order for 49.00");
  await page.sees("That one crashed.");

  await page.run(() => new Promise((thrown) => setTimeout(() => {
    thrown();
    throw new Error("nobody catches this");
  })));
  await page.open("/kits/paperclip");
  await page.sees("No such page.");

  await page.click("Back to the kits");
  await page.run(() => localStorage.removeItem("hangar_session")); // the session expires
  await page.click("Orders");
  await page.sees("Who goes there?");
  await sendForm("Log in", "correct horse");
  await page.click("Log out");
  await page.sees("Come in");
  return userId;
}
