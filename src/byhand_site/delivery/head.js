// The font of the formulas, as early as the style sheet; a folder's files may not be fetched ahead.
if (location.protocol !== "file:") document.head.append(Object.assign(document.createElement("link"), {
  rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href: document.currentScript.dataset.font,
}))
