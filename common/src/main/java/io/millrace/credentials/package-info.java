/** Where logins come from: the credential providers, and the interface for more of them. */
package io.millrace.credentials;
