UPDATE meta SET value = '5' WHERE name = 'version'
