// What a page needs before it is painted, and the rest at the first sign of its reader.
(() => {
  const body = document.body
  const base = new URL(body.dataset.root || "./", location)

  // What the theme's script expects to find (its names, its format of storage).
  __md_scope = base
  __md_hash = (e) => [...e].reduce((a, c) => (a << 5) - a + c.charCodeAt(0), 0)
  __md_get = (key, store) => { try { return JSON.parse((store || localStorage).getItem(base.pathname + "." + key)) } catch (_) { return null } }
  __md_set = (key, value, store) => { try { (store || localStorage).setItem(base.pathname + "." + key, JSON.stringify(value)) } catch (_) { } }

  // The colour scheme: the reader's choice, else the system's.
  const inputs = [...document.querySelectorAll("input[name=__palette]")]
  const show = (index) => {
    const color = {}
    for (const name of ["media", "scheme", "primary", "accent"]) {
      color[name] = inputs[index].getAttribute("data-md-color-" + name)
      body.setAttribute("data-md-color-" + name, color[name])
    }
    inputs.forEach((input, i) => { input.checked = i === index; input.nextElementSibling.hidden = i !== index })
    return color
  }
  const stored = __md_get("__palette")
  const wanted = stored ? stored.index : inputs.findIndex((input) => matchMedia(input.dataset.mdColorMedia).matches)
  if (inputs.length) show(Math.min(Math.max(wanted, 0), inputs.length - 1))
  inputs.forEach((input, index) => input.addEventListener("change", () => __md_set("__palette", { index, color: show(index) })))

  // The rest: search, copy buttons, back to top.
  const signs = ["pointerdown", "pointermove", "touchstart", "wheel", "scroll", "keydown", "focusin"]
  const script = (name) => new Promise((done) => {
    const tag = document.createElement("script")
    tag.src = new URL(name, base)
    tag.onload = done
    document.head.append(tag)
  })
  const rest = async () => {
    for (const sign of signs) removeEventListener(sign, rest, true)
    if (document.readyState === "loading") await new Promise((done) => addEventListener("DOMContentLoaded", done))
    if (location.protocol === "file:") await script("search/folder.js")
    // The bundle waits for DOMContentLoaded, which has been; nobody else's listeners may hear it twice.
    const listen = EventTarget.prototype.addEventListener
    document.addEventListener = (type, heard, ...more) =>
      type === "DOMContentLoaded" ? setTimeout(heard) : listen.call(document, type, heard, ...more)
    await script(body.dataset.bundle)
    delete document.addEventListener
  }
  for (const sign of signs) addEventListener(sign, rest, { capture: true, passive: true })
  if (location.search) rest()

  addEventListener("DOMContentLoaded", () => {
    document.forms.search?.addEventListener("submit", (event) => event.preventDefault())
    // The theme's script puts the cursor there too, but this may be the touch that fetches it.
    const search = document.getElementById("__search")
    search?.addEventListener("change", () => { if (search.checked) document.forms.search.query.focus() })
    // The theme makes these at run time, each a landmark without a name.
    new MutationObserver(() => {
      document.querySelectorAll("nav.md-code__nav:not([role])").forEach((nav) => nav.setAttribute("role", "presentation"))
    }).observe(document.querySelector("main"), { childList: true, subtree: true })
  })
})()
