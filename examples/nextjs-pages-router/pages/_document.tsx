import Document, { Head, Html, Main, NextScript, type DocumentContext, type DocumentInitialProps } from "next/document";

type Props = DocumentInitialProps & { nonce?: string };

/** Next.js puts a small inline script into each page. The CSP of proxy.ts lets it run for the nonce that it bears. */
export default class extends Document<Props> {
  static override async getInitialProps(context: DocumentContext): Promise<Props> {
    const nonce = context.req?.headers["x-nonce"];
    return { ...(await Document.getInitialProps(context)), ...(typeof nonce === "string" && { nonce }) };
  }

  override render() {
    const { nonce } = this.props;
    return (
      <Html lang="en">
        <Head nonce={nonce} />
        <body>
          <Main />
          <NextScript nonce={nonce} />
        </body>
      </Html>
    );
  }
}
