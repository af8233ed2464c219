import type { AppProps } from "next/app";
import Head from "next/head";
import Link from "next/link";
import { ApiForm } from "@/components/api-form";
import { Identity } from "@/components/identity";

/** Each page's getServerSideProps passes the session's user in `userId`. getInitialProps here would end static pages. */
export default function App({ Component, pageProps }: AppProps<{ userId?: string | null }>) {
  const { userId } = pageProps;
  return (
    <>
      <Head>
        <title>Hangar</title>
      </Head>
      <Identity userId={userId} />
      {userId && (
        <ApiForm method="DELETE" action="/api/session" next="/">
          <button>Log out</button>
        </ApiForm>
      )}
      {userId === null && <Link href="/enter">Log in</Link>}
      <Component {...pageProps} />
    </>
  );
}
