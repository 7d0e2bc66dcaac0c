// Before anything is painted.
document.documentElement.classList.replace("no-js", "js")
// The font of the formulas, as early as the style sheet; a folder's files may not be fetched ahead.
if (document.currentScript.dataset.font && location.protocol !== "file:") document.head.append(Object.assign(document.createElement("link"), {
  rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href: document.currentScript.dataset.font,
}))
