// Plays a package in a sandboxed frame and looks after what the learner does in it.
// The frame is other people's script: only its messages reach us, and only the server decides what counts.

const SEND_AT_ONCE = 25;
const SEND_BYTES = 200_000;
const MOST_WAITING = 500;
const STATEMENT_BYTES = 64_000;
const STATE_BYTES = 1_000_000;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;
const PATIENCE = 20_000;

const WORDS = {
  waiting: "You are not connected. Your work is kept on this device and sent when you are connected again.",
  signedOut: "You have been signed out. Your work is kept on this device. Sign in again in a new tab, then come back here.",
  saved: "You are connected again. Your work is saved.",
  stale: "You carried on with this on another device or in another tab. Reload this page to go on from there.",
  tooLarge: "Your place in this activity is too large to be kept. Your answers still count.",
  gone: "This activity is no longer yours to answer. Go back to the course to start again.",
  slow: "This activity is taking a long time to start. Check your connection, then reload this page.",
  failed: "This activity could not start. Reload this page. If that does not help, tell the course owner.",
};

class Unsent {
  // What has not reached the server yet: in memory, and in localStorage in case the page is closed.
  constructor(key) {
    this.name = `waymark:unsent:${key}`;
    this.statements = [];
    this.save = null;
    this.isStored = true;
  }

  get isEmpty() {
    return this.statements.length === 0 && this.save === null;
  }

  recall() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.name) || "null");
      if (!kept) return;
      this.statements = Array.isArray(kept.statements) ? kept.statements : [];
      this.save = kept.save || null;
    } catch {
      this.forget();
    }
  }

  keep() {
    try {
      if (this.isEmpty) localStorage.removeItem(this.name);
      else localStorage.setItem(this.name, JSON.stringify({ statements: this.statements, save: this.save }));
      this.isStored = true;
    } catch {
      this.isStored = false;
    }
  }

  forget() {
    this.statements = [];
    this.save = null;
    this.keep();
  }
}

class Player {
  constructor(root) {
    this.root = root;
    this.data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
    this.notice = root.querySelector("[data-player-notice]");
    this.outcome = root.querySelector("[data-player-outcome]");
    this.unsent = new Unsent(this.data.key);
    this.version = this.data.version;
    this.isOpaque = this.data.frame_origin === "null";
    this.csrf = this.data.csrf;
    this.wait = FIRST_WAIT;
    this.isSending = false;
    this.isOver = false;
    this.hadTrouble = false;
  }

  start() {
    this.unsent.recall();
    if (this.unsent.save && this.unsent.save.based_on === this.version) {
      // The last save of an earlier visit never arrived, and nothing newer did: go on from it.
      this.data.state = this.unsent.save.state;
    } else if (this.unsent.save) {
      this.unsent.save = null;
      this.unsent.keep();
    }
    window.addEventListener("message", (event) => this.hear(event));
    window.addEventListener("online", () => this.sendNow());
    window.addEventListener("pagehide", () => this.sendLast());
    document.addEventListener("visibilitychange", () => this.sendNow());
    window.addEventListener("focus", () => this.sendNow());
    window.addEventListener("beforeunload", (event) => {
      if (!this.unsent.isEmpty && !this.unsent.isStored) event.preventDefault();
    });
    this.root.querySelector("[data-player-finish]")?.addEventListener("click", () => this.declare());
    this.makeFrame();
    if (!this.unsent.isEmpty) this.send();
  }

  makeFrame() {
    const frame = document.createElement("iframe");
    frame.className = "app-player__frame";
    // H5P has no origin at all. SCORM needs the one of its own host, which is never ours.
    frame.setAttribute("sandbox", this.isOpaque ? "allow-scripts" : "allow-scripts allow-same-origin allow-forms allow-modals");
    frame.setAttribute("allow", "fullscreen");
    frame.setAttribute("referrerpolicy", "no-referrer");
    frame.title = this.data.title;
    // The editor's pages do not load the site's styles.
    Object.assign(frame.style, { display: "block", width: "100%", minHeight: "12rem", border: "0" });
    frame.src = this.data.frame_url;
    this.frame = frame;
    this.root.querySelector("[data-player-stage]").replaceChildren(frame);
    this.patience = setTimeout(() => this.say("slow"), PATIENCE);
  }

  hear(event) {
    // An opaque sandbox has the origin "null"; the source tells our frame from everybody else's.
    if (event.source !== this.frame.contentWindow || event.origin !== this.data.frame_origin) return;
    const message = event.data;
    if (typeof message !== "object" || message === null || message.waymark !== 1) return;
    if (message.kind === "ready") this.answerReady();
    else if (message.kind === "started") this.started();
    else if (message.kind === "statement") this.takeStatement(message.statement);
    else if (message.kind === "state") this.takeState(message.state);
    else if (message.kind === "size") this.resize(message.height);
    else if (message.kind === "focus") this.follow(message.top, message.bottom);
    else if (message.kind === "failed") this.fail();
  }

  answerReady() {
    // An opaque frame has no origin that could be named as target. What it is told is its own saved state and nothing more.
    const start = { waymark: 1, kind: "start", state: this.data.state, last_words: this.data.last_words_url };
    this.frame.contentWindow.postMessage(start, this.isOpaque ? "*" : this.data.frame_origin);
  }

  started() {
    clearTimeout(this.patience);
    this.root.classList.add("app-player--started");
    if (this.noticeKind === "slow") this.hush();
  }

  fail() {
    clearTimeout(this.patience);
    this.say("failed");
  }

  resize(height) {
    if (!Number.isFinite(height)) return;
    this.frame.style.height = `${Math.min(Math.max(Math.ceil(height), 120), 20_000)}px`;
  }

  follow(top, bottom) {
    // Scroll only to what has the focus, and only while the learner is in the frame.
    if (document.activeElement !== this.frame || !Number.isFinite(top) || !Number.isFinite(bottom)) return;
    const frameTop = this.frame.getBoundingClientRect().top;
    const isAbove = frameTop + top < 0;
    const isBelow = frameTop + Math.min(bottom, top + window.innerHeight) > window.innerHeight;
    if (isAbove || isBelow) window.scrollBy({ top: frameTop + top - window.innerHeight / 6 });
  }

  takeStatement(statement) {
    if (this.isOver || typeof statement !== "object" || statement === null) return;
    let size;
    try {
      size = JSON.stringify(statement).length;
    } catch {
      return;
    }
    if (size > STATEMENT_BYTES || this.unsent.statements.length >= MOST_WAITING) return;
    this.unsent.statements.push({ id: crypto.randomUUID(), statement });
    this.unsent.keep();
    this.send();
  }

  takeState(state) {
    if (this.isOver || !this.data.state_url || typeof state !== "string") return;
    if (state.length > STATE_BYTES) {
      this.say("tooLarge");
      return;
    }
    this.unsent.save = { state, based_on: this.version, save_id: crypto.randomUUID() };
    this.unsent.keep();
    this.send();
  }

  async declare() {
    if (!this.data.viewed_url) return;
    const reply = await this.post(this.data.viewed_url, {});
    if (!reply) this.say("waiting");
    else if (reply.data.attempt) this.show(reply.data.attempt);
    else if (reply.data.message) this.tell(reply.data.message);
  }

  sendNow() {
    if (this.unsent.isEmpty || document.visibilityState === "hidden") return;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.send();
  }

  async send() {
    if (this.isSending || this.isOver || this.retry !== undefined) return;
    this.isSending = true;
    try {
      while (!this.unsent.isEmpty && !this.isOver) {
        const done = this.unsent.statements.length ? await this.sendStatements() : await this.sendState();
        if (!done) return;
        this.wait = FIRST_WAIT;
        this.isRefreshed = false;
      }
      if (this.hadTrouble) {
        this.hadTrouble = false;
        this.say("saved");
      }
    } finally {
      this.isSending = false;
    }
  }

  batch() {
    const batch = [];
    let size = 0;
    for (const item of this.unsent.statements.slice(0, SEND_AT_ONCE)) {
      size += JSON.stringify(item).length;
      if (batch.length && size > SEND_BYTES) break;
      batch.push(item);
    }
    return batch;
  }

  async sendStatements() {
    const batch = this.batch();
    const reply = await this.post(this.data.statements_url, { statements: batch });
    if (!reply) return this.later("waiting");
    if (!reply.ok && !(await this.canForget(reply))) return false;
    const sent = new Set(batch.map((item) => item.id));
    this.unsent.statements = this.unsent.statements.filter((item) => !sent.has(item.id));
    this.unsent.keep();
    if (reply.data.attempt) this.show(reply.data.attempt);
    return true;
  }

  async sendState() {
    const save = this.unsent.save;
    const reply = await this.post(this.data.state_url, save);
    if (!reply) return this.later("waiting");
    if (reply.status === 409 && reply.data.error === "stale") {
      this.isOver = true;
      this.unsent.forget();
      this.say("stale");
      return false;
    }
    if (!reply.ok && !(await this.canForget(reply))) return false;
    if (Number.isInteger(reply.data.version)) this.version = reply.data.version;
    // A newer state may have come while this one was on its way; it goes on from what was just saved.
    if (this.unsent.save === save) this.unsent.save = null;
    else if (this.unsent.save) this.unsent.save.based_on = this.version;
    this.unsent.keep();
    return true;
  }

  async canForget(reply) {
    // True when the server will never take this work; false when it is to be kept and tried again.
    if (reply.status === 400) return true;
    if (reply.status === 413) {
      this.say("tooLarge");
      return true;
    }
    if (reply.status === 404 || reply.status === 410 || reply.status === 409) {
      this.isOver = true;
      this.unsent.forget();
      if (reply.status !== 409) this.say("gone");
      return false;
    }
    if (reply.status === 429) return this.later(null, reply.retryAfter);
    if (reply.status === 401 || reply.status === 403 || reply.status === 0) {
      if (reply.status === 403 && (await this.refreshToken())) {
        setTimeout(() => this.sendNow(), 0);
        return false;
      }
      return this.later("signedOut");
    }
    return this.later("waiting");
  }

  later(kind, seconds = 0) {
    if (kind) {
      this.hadTrouble = true;
      this.say(kind);
    }
    const wait = seconds ? seconds * 1000 : this.wait;
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    clearTimeout(this.retry);
    this.retry = setTimeout(async () => {
      this.retry = undefined;
      if (kind === "signedOut") {
        this.isRefreshed = false;
        await this.refreshToken();
      }
      this.send();
    }, wait);
    return false;
  }

  async refreshToken() {
    // The cookie is HttpOnly and the token changes when somebody signs in again, so the page asks for a new one.
    // Once for each trouble: a token that is fresh and still refused is not the reason.
    if (!this.data.status_url || this.isRefreshed) return false;
    try {
      const response = await fetch(this.data.status_url, { redirect: "manual", cache: "no-store" });
      if (!response.ok) return false;
      this.csrf = (await response.json()).csrf || this.csrf;
    } catch {
      return false;
    }
    this.isRefreshed = true;
    return true;
  }

  async post(url, body, keepalive = false) {
    // null: nothing came back. status 0: a redirect, which means the sign-in page.
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf, Accept: "application/json" },
        body: JSON.stringify(body),
        redirect: "manual",
        keepalive,
      });
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      return {
        ok: response.ok,
        status: response.status,
        data: isJson ? await response.json() : {},
        retryAfter: Number(response.headers.get("Retry-After")) || 0,
      };
    } catch {
      return null;
    }
  }

  sendLast() {
    // A page that goes away may still send a little; whatever does not arrive is in localStorage.
    if (this.isOver || this.isSending) return;
    const batch = this.batch();
    if (batch.length) this.post(this.data.statements_url, { statements: batch }, true);
    const save = this.unsent.save;
    if (save && save.state.length < 50_000) this.post(this.data.state_url, save, true);
  }

  say(kind) {
    this.noticeKind = kind;
    this.tell(WORDS[kind]);
    if (kind === "signedOut" && this.data.sign_in_url) {
      this.notice.append(" ", this.link(this.data.sign_in_url, "Sign in (opens in a new tab)", true));
    }
    if (kind === "stale" || kind === "slow" || kind === "failed") {
      this.notice.append(" ", this.link(window.location.href, "Reload this page"));
    }
  }

  tell(text) {
    this.notice.textContent = text;
    this.notice.hidden = false;
  }

  hush() {
    this.notice.hidden = true;
    this.notice.textContent = "";
  }

  link(href, text, inNewTab = false) {
    const link = document.createElement("a");
    link.className = "wm-link";
    link.href = href;
    link.textContent = text;
    if (inNewTab) {
      link.target = "_blank";
      link.rel = "noopener";
    }
    return link;
  }

  show(attempt) {
    this.root.dispatchEvent(new CustomEvent("waymark:attempt", { detail: attempt, bubbles: true }));
    if (attempt.state !== "completed" || !this.outcome) return;
    const parts = [];
    if (attempt.message) {
      const sentence = document.createElement("p");
      sentence.className = "app-player__message";
      sentence.textContent = attempt.message;
      parts.push(sentence);
    }
    if (typeof attempt.next_url === "string" && attempt.next_url.startsWith("/")) {
      const link = this.link(attempt.next_url, "Continue");
      link.className = "wm-button";
      parts.push(link);
    }
    this.outcome.replaceChildren(...parts);
    this.outcome.hidden = parts.length === 0;
  }
}

for (const root of document.querySelectorAll("[data-player]")) {
  new Player(root).start();
}
