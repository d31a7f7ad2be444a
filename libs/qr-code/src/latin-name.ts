/**
 * A name for tag 59 or 60, which hold printable ASCII only: the name itself where it is, the stand-in otherwise; cut to `most`
 * characters. A reader that knows other scripts shows the language template's.
 */
export function latinName(
  name: string,
  { standIn, most }: { readonly standIn: string; readonly most: number },
): string {
  const isLatin = /^[ -~]+$/.test(name) && /[0-9A-Za-z]/.test(name);
  return (isLatin ? name : standIn).slice(0, most).trim();
}
