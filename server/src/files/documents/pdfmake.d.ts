declare module 'pdfmake' {
  /** What of pdfmake 0.3 is used here. */
  interface Pdfmake {
    readonly virtualfs: { writeFileSync(name: string, content: Buffer): void }
    setFonts(fonts: Readonly<Record<string, { readonly normal: string; readonly bold: string }>>): void
    setUrlAccessPolicy(allows: (url: string) => boolean): void
    setLocalAccessPolicy(allows: (path: string) => boolean): void
    createPdf(document: object): { getBuffer(): Promise<Buffer> }
  }
  const pdfmake: Pdfmake
  export default pdfmake
}
