/** The login form, with what went wrong the last time. */
export function loginPage(message = "") {
  return page(`
    <h1>Log in</h1>
    <p role="alert">${escaped(message)}</p>
    <form method="post" action="/login">
      <label>Name <input name="username" autocomplete="username" required autofocus></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button>Log in</button>
    </form>`);
}

export function homePage({ user, permissions }) {
  const may = permissions.includes("studio:edit") ? "You may edit." : "You may look around.";
  return page(`
    <h1>Hello ${escaped(user.fullName || user.username)}</h1>
    <p>${may}</p>
    <form method="post" action="/logout"><button>Log out</button></form>`);
}

function page(body) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Studio</title><body>${body}\n</body></html>\n`;
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
