package org.ouroboros.collector.cycle;

/**
 * Keeps the fields of a subclass 128 bytes away from whatever lies before an object. Java
 * collectors put the objects of an array side by side, and what one thread writes all the time must
 * not share a line of the cache with what another does.
 */
abstract class Padding {

  long p00;
  long p01;
  long p02;
  long p03;
  long p04;
  long p05;
  long p06;
  long p07;
  long p08;
  long p09;
  long p10;
  long p11;
  long p12;
  long p13;
  long p14;
  long p15;
}
