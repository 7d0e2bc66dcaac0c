// A page that was opened from a folder may not start a worker: a frame with the same code stands in for it.
window.Worker = class extends EventTarget {
  constructor() {
    super()
    const frame = document.createElement("iframe")
    frame.hidden = true
    frame.src = new URL("search/frame.html", __md_scope)
    frame.title = "Search"
    this.frame = new Promise((done) => frame.addEventListener("load", () => done(frame.contentWindow)))
    addEventListener("message", async (event) => {
      if (event.source === await this.frame) this.dispatchEvent(new MessageEvent("message", { data: event.data }))
    })
    document.body.append(frame)
  }
  async postMessage(data) { (await this.frame).postMessage(data, "*") }
  terminate() { }
}
