// Comforts that need a script. Without it the texts can be selected, and a card goes when the pointer does.
for (const text of document.querySelectorAll(".source > pre")) {
  const button = document.createElement("button")
  const say = words => { button.textContent = words }
  const offer = `Copy ${text.parentElement.querySelector("[aria-label]").getAttribute("aria-label")}`
  button.type = "button"
  button.setAttribute("aria-live", "polite")
  say(offer)
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent)
      say("Copied")
    } catch { // an old browser, or one that forbids it: leave the text selected
      getSelection().selectAllChildren(text)
      say("Selected: press Ctrl+C")
    }
    setTimeout(() => say(offer), 4000)
  })
  text.previousElementSibling.append(button)
}

addEventListener("keydown", event => {
  if (event.key === "Escape")
    for (const term of document.querySelectorAll(".term:is(:hover, :focus-within)")) {
      term.classList.add("dismissed")
      for (const over of ["pointerleave", "focusout"])
        term.addEventListener(over, () => term.classList.remove("dismissed"), { once: true })
    }
})
