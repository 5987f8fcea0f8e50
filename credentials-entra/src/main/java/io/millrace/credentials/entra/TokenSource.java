package io.millrace.credentials.entra;

import com.microsoft.aad.msal4j.IAuthenticationResult;

/** Something of Microsoft's library that hands out tokens. */
interface TokenSource {

    /** Blocks. Throws whatever the library does; {@link EntraRefusal} knows it. */
    IAuthenticationResult token() throws Exception;
}
