/* Passkeys: asks the authenticator of this machine, and sends its answer with the form that asked for it.
   Without this file, or without authenticators, such a form stays hidden and the other ways are there. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = text => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), letter => letter.charCodeAt(0));
  const written = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = list => (list || []).map(one => ({ ...one, id: bytes(one.id) }));

  async function asked(form) {
    const sent = new URLSearchParams({ token: form.elements.token.value });
    const label = document.getElementById("organisation");
    if (label) sent.set("organisation", label.value);
    const answer = await fetch(form.dataset.asks, { method: "POST", body: sent, credentials: "same-origin" });
    return answer.ok ? answer.json() : null;
  }

  async function told(form, options) {
    options.challenge = bytes(options.challenge);
    if (form.dataset.passkey === "make") {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = named(options.excludeCredentials);
      const made = await navigator.credentials.create({ publicKey: options });
      return { made, response: { attestationObject: written(made.response.attestationObject) } };
    }
    options.allowCredentials = named(options.allowCredentials);
    const made = await navigator.credentials.get({ publicKey: options });
    const { authenticatorData, signature, userHandle } = made.response;
    return {
      made,
      response: {
        authenticatorData: written(authenticatorData),
        signature: written(signature),
        ...(userHandle ? { userHandle: written(userHandle) } : {}),
      },
    };
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    for (const one of document.querySelectorAll("[data-without-passkeys]")) one.hidden = true;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      const wrong = form.querySelector("[role=alert]");
      wrong.hidden = true;
      try {
        const options = await asked(form);
        // Whatever the server minds it says on its page, when the form comes without an answer.
        if (options) {
          const { made, response } = await told(form, options);
          response.clientDataJSON = written(made.response.clientDataJSON);
          form.elements.answer.value = JSON.stringify(
            { id: made.id, rawId: written(made.rawId), type: made.type, response });
        }
        const label = document.getElementById("organisation");
        if (label && form.elements.organisation) form.elements.organisation.value = label.value;
        form.submit();
      } catch {
        wrong.hidden = false;
        wrong.focus();
      }
    });
  }
})();
