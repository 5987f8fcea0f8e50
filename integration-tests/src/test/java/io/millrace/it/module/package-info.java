/** Values and commands of modules. */
package io.millrace.it.module;
