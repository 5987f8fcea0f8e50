package io.millrace.cli;
public class Millrace { public static void main(String[] a) throws Exception { 
long t0=System.nanoTime();
try (var d = io.millrace.cli.embedded.DataDirectory.open(java.nio.file.Path.of(a[0])); var r = io.millrace.cli.embedded.EmbeddedRuntime.start(d)) { System.out.println("up "+(System.nanoTime()-t0)/1000000); System.out.println(new io.millrace.cli.connect.ConnectRest(r.connectUrl()).connectorClasses()); System.out.println("rest "+(System.nanoTime()-t0)/1000000);}
}}
