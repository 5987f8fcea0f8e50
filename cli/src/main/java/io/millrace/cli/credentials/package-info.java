/** Logins that a credential provider gives, also one of an add-on. */
package io.millrace.cli.credentials;
