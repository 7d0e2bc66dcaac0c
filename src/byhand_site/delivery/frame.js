// The search worker's code follows; it is to believe that it is in a worker.
{
  const page = parent
  self.parent = undefined
  self.postMessage = (data) => page.postMessage(data, "*")
}
