UPDATE meta SET value = '4' WHERE name = 'version'
