"""For learning to see: signs in words, a clear example of each idea from any ratings, and series to practise on."""
