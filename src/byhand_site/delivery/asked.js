// What a reader types, as the index spells it: LaTeX and NumPy as text. A word that is there as it was typed counts most.
// An unfinished word, which is the last one or a long one, may go on.
function asked(words) {
  const symbol = "(\\p{L}{1,2}\\d*|\\d+)"
  const text = words
    .replace(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, "$1/$2")
    .replace(/\^?\{?\[(\d+)\]/g, "$1")
    .replace(/\s*(\\top|\\intercal|\^\{?T\b|⊤)/g, "ᵀ")
    .replace(/\s*\\prime|(?<=\b[A-Za-z]\d*)'(?![A-Za-z])/g, "′")
    .replace(/\\partial\s*/g, "∂")
    .replace(/([\p{L}\p{N}]+)\.T\b/gu, "$1.T $1ᵀ")
    .replace(/\\(mathcal|mathbf|operatorname|odot|cdot|times|left|right)\b/g, " ")
    .replace(/[\\^~{}*+:]/g, (sign) => "\\^{}".includes(sign) ? "" : " ")
    .replace(new RegExp(`(?<![\\p{L}\\p{N}])${symbol}\\s*[-−–]\\s*(?=${symbol}(?![\\p{L}\\p{N}]))`, "gu"), "$1−")
    .replace(/(^|[\s(])−\s|[-–]/g, "$1 ")
  if (text.includes('"')) return text
  const all = text.split(new RegExp(`(?:${lunr.tokenizer.separator.source}|\\s)+`, "u")).filter(Boolean)
  return all.flatMap((word, i) => word.length > 2 || i === all.length - 1 ? [`${word}^9`, word] : [`${word}^9`]).join(" ")
}
