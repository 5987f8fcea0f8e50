package io.millrace.sizing;

/**
 * One figure that a plan rests on.
 *
 * @param origin how it is known: measured, a default of a program, or assumed
 */
public record Coefficient(String name, double value, String unit, String origin) {}
