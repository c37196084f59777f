// Passkeys: a form fetches a challenge, the browser's own dialogue answers it, the form carries the answer.
"use strict";

function toBytes(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0));
}

function toText(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function withBytes(options) {
  const given = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) given.user = { ...options.user, id: toBytes(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) given[list] = options[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return given;
}

function describe(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

function explain(failure) {
  if (failure.name === "InvalidStateError") return "这台设备的通行密钥已经添加过了。";
  if (failure.name === "NotAllowedError") return "没有完成：操作被取消或超时。请重试，或改用其他方式。";
  if (failure.name === "SecurityError") return "这个网址不能使用通行密钥。请用 HTTPS 网址访问，或改用其他方式。";
  return "没有完成，请稍后重试，或改用其他方式。";
}

async function answer(form) {
  const token = form.elements.csrf_token?.value;
  const headers = token ? { "X-CSRF-Token": token } : {};
  const reply = await fetch(form.dataset.passkeyOptions, { method: "POST", headers, credentials: "same-origin" });
  if (!reply.ok || reply.redirected) throw new Error(String(reply.status));
  const asked = await reply.json();
  const publicKey = withBytes(asked.options);
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
  form.elements.challenge_id.value = asked.challenge_id;
  form.elements.credential.value = describe(credential);
}

function watchPasskeys() {
  if (!window.PublicKeyCredential || !window.isSecureContext) return;
  for (const part of document.querySelectorAll("[data-passkey-part]")) part.hidden = false;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const note = form.querySelector("[data-passkey-note]");
      const button = form.querySelector("button[type=submit]");
      button.disabled = true;
      note.textContent = "请按浏览器的提示操作。";
      try {
        await answer(form);
        form.submit();
      } catch (failure) {
        note.textContent = explain(failure);
        button.disabled = false;
      }
    });
  }
}

watchPasskeys();
