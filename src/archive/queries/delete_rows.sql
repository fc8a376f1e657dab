DELETE FROM ONLY {{table}} AS r WHERE {{condition}}
