import { createServer } from "node:http";
import { homePage, loginPage } from "./pages.js";
import { connectRoster, NotNow } from "./roster.js";
import { Sessions } from "./sessions.js";

const { ROSTER_URL = "ws://127.0.0.1:7420/rpc", ROSTER_KEY = "", PORT = "8080" } = process.env;
const MOST_FORM_BYTES = 8192;

const sessions = new Sessions();
const roster = await connectRoster({
  url: ROSTER_URL,
  key: ROSTER_KEY,
  onChanged: (userId) => sessions.endOf(userId),
});

const routes = new Map([
  ["GET /", home],
  ["GET /login", async (_request, response) => html(response, 200, loginPage())],
  ["POST /login", logIn],
  ["POST /logout", logOut],
  ["GET /api/me", me],
]);

const server = createServer(async (request, response) => {
  const route = routes.get(`${request.method} ${request.url}`);
  try {
    if (route) await route(request, response);
    else response.writeHead(404).end();
  } catch (error) {
    if (error instanceof NotNow) {
      response.setHeader("Retry-After", error.retryAfterSeconds);
      html(response, error.status, loginPage(error.message));
    } else {
      // Such as a browser that went away in the middle of its form.
      process.stderr.write(`${error.stack}\n`);
      response.destroy();
    }
  }
});
server.listen(Number(PORT), "127.0.0.1", () => {
  process.stdout.write(`Open http://127.0.0.1:${server.address().port}\n`);
});

async function home(request, response) {
  const login = sessions.of(request);
  if (login) html(response, 200, homePage(login));
  else redirect(response, "/login");
}

async function logIn(request, response) {
  const form = await formOf(request);
  if (!form) return html(response, 413, loginPage("That was too long."));
  const [username, password] = [form.get("username"), form.get("password")];
  if (!username || !password) return html(response, 400, loginPage("Name and password are needed."));
  const login = await roster.logIn(username, password, request.socket.remoteAddress);
  if (login.message) return html(response, 401, loginPage(login.message));
  response.setHeader("Set-Cookie", sessions.begin(login));
  redirect(response, "/");
}

async function logOut(request, response) {
  sessions.end(request);
  redirect(response, "/login");
}

/** Who the bearer of an API key is, and what the key may do here. */
async function me(request, response) {
  const [, secret] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const found = secret && (await roster.checkKey(secret, request.socket.remoteAddress));
  if (!found) return response.writeHead(401, { "WWW-Authenticate": "Bearer" }).end();
  const answer = { username: found.user.username, permissions: found.permissions };
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
}

/** The fields of a form; null for one that is too long. */
async function formOf(request) {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) {
    text += piece;
    if (text.length > MOST_FORM_BYTES) return null;
  }
  return new URLSearchParams(text);
}

function html(response, status, text) {
  response
    .writeHead(status, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" })
    .end(text);
}

function redirect(response, location) {
  response.writeHead(303, { Location: location }).end();
}
