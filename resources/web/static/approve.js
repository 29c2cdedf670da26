/* Approval from afar on a phone without internet: keeps a person's keys, closed by figures of their own, shows
   what a till asks, and counts the code (pos_app/ledger/remote_approval.py counts the same). */
(() => {
  "use strict";
  const NAME = "bohari-approve", ROUNDS = 600000, MOST_WRONG = 5;
  const shown = id => document.getElementById(id);
  if (!window.crypto || !crypto.subtle || !navigator.serviceWorker) {
    for (const one of document.querySelectorAll("[data-needs-https]")) one.hidden = false;
    return;
  }
  for (const one of document.querySelectorAll("[data-works]")) one.hidden = false;
  const text = new TextEncoder();
  const written = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const bytes = known => Uint8Array.from(atob(known), letter => letter.charCodeAt(0));

  async function closing(figures, salt) {
    const typed = await crypto.subtle.importKey("raw", text.encode(figures), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, typed,
      { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  async function keep(kept, figures) {
    const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
    const closed = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv }, await closing(figures, salt), text.encode(kept));
    localStorage.setItem(NAME, JSON.stringify(
      { salt: written(salt), iv: written(iv), closed: written(closed), wrong: 0 }));
  }

  async function opened(figures) {
    const kept = JSON.parse(localStorage.getItem(NAME));
    kept.wrong += 1;
    if (kept.wrong > MOST_WRONG) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, JSON.stringify(kept));
    if (kept.wrong > MOST_WRONG) return null;
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(kept.iv) },
        await closing(figures, bytes(kept.salt)), bytes(kept.closed));
      localStorage.setItem(NAME, JSON.stringify({ ...kept, wrong: 0 }));
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return null;
    }
  }

  function read(typed) {
    const figures = typed.replace(/[\s.-]/g, "");
    if (!/^[0-9]{16,60}$/.test(figures) || BigInt(figures) % 97n !== 1n) return null;
    let rest = figures.slice(2, -2);
    const fields = [];
    for (let count = 0; count < 3; count += 1) {
      const length = Number(rest[0]);
      fields.push(rest.slice(1, 1 + length));
      rest = rest.slice(1 + length);
    }
    if (rest.length !== 9 || fields.some(one => !one)) return null;
    return { figures, action: Number(figures.slice(0, 2)), till: fields[0], person: fields[1],
      amount: BigInt(fields[2]) * 10n ** BigInt(rest[0]) };
  }

  async function half(key, figures) {
    const own = await crypto.subtle.importKey("raw", bytes(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const made = new Uint8Array(await crypto.subtle.sign("HMAC", own, text.encode(figures)));
    const number = made.slice(0, 8).reduce((sum, one) => sum * 256n + BigInt(one), 0n);
    return String(number % 1000000n).padStart(6, "0");
  }

  function money(kept, amount) {
    const unit = 10n ** BigInt(kept.places), whole = String(amount / unit).replace(/\B(?=(\d{3})+$)/g, ",");
    const rest = kept.places ? "." + String(amount % unit).padStart(kept.places, "0") : "";
    return `${whole}${rest} ${kept.currency}`;
  }

  const say = (id, words) => { shown(id).textContent = words; };
  const wrong = word => {
    for (const one of document.querySelectorAll("[data-wrong]")) one.hidden = one.dataset.wrong !== word;
  };

  const keeping = shown("keep");
  if (keeping) keeping.addEventListener("submit", async event => {
    event.preventDefault();
    const figures = keeping.elements.figures.value;
    if (figures !== keeping.elements.again.value) { wrong("again"); return; }
    await keep(keeping.dataset.kept, figures);
    location.href = keeping.dataset.next;
  });

  const asking = shown("ask");
  if (!asking) return;
  shown("nothing").hidden = Boolean(localStorage.getItem(NAME));
  asking.hidden = !localStorage.getItem(NAME);
  navigator.serviceWorker.register("worker.js").then(async () => {
    const kept = await caches.open(NAME), files = [...document.querySelectorAll("link[href], script[src]")];
    await kept.addAll([location.pathname, ...files.map(one => one.href || one.src)]);
    await navigator.serviceWorker.ready;
    document.body.dataset.kept = "yes";
  }).catch(() => {});
  asking.addEventListener("submit", async event => {
    event.preventDefault();
    shown("answer").hidden = true;
    wrong("");
    const asked = read(asking.elements.challenge.value);
    const action = asked && shown("actions").options[asked.action];
    if (!action) { wrong("challenge"); return; }
    const kept = await opened(asking.elements.figures.value);
    asking.elements.figures.value = "";
    if (!kept) { wrong(localStorage.getItem(NAME) ? "figures" : "forgotten"); return; }
    say("what", action.textContent);
    say("amount", asked.amount ? money(kept, asked.amount) : "–");
    say("till", kept.tills[asked.till] || asked.till);
    say("cashier", kept.people[asked.person] || asked.person);
    const own = await half(kept.own, asked.figures);
    const code = own + await half(kept.shared, asked.figures + own);
    say("code", "");
    shown("approve").onclick = () => say("code", code.replace(/(.{4})(?=.)/g, "$1 "));
    shown("answer").hidden = false;
  });
})();
