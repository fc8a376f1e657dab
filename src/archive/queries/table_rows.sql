SELECT {{values}} FROM ONLY {{table}} AS r
