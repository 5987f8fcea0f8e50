/** Logins to Azure Managed Redis and Azure Cache for Redis by tokens of Microsoft Entra ID. */
package io.millrace.credentials.entra;
