/** Keys in the order people run along them. */
export const KEYBOARD_RUNS: readonly string[] = [
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'yxcvbnm',
  'zxcvbnm',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
];

/**
 * Words that passwords of ten and more characters are most often made of, in lower case: with digits or signs around them, in
 * leet spelling or repeated they are refused too. Facts about leaked passwords, typed here; not a copy of a list.
 */
export const GUESSABLE_WORDS: readonly string[] = `
password passwort motdepasse contrasena senha parola wachtwoord passcode passphrase mypassword thepassword newpassword
password-password changeme changemenow changeit letmein letmeinnow welcome welcomeback welcometo hello helloworld
iloveyou ilovejesus iloveyouso iloveme loveyou loveme lovelove loveforever trustno trustnoone whatever nothing
admin administrator administrador adminadmin root rootroot toor superuser superadmin sysadmin user username test testing
testtest tester testpassword demo demodemo guest default master masterkey system server network internet database
computer laptop keyboard monitor windows microsoft google facebook instagram twitter linkedin youtube whatsapp amazon apple
samsung iphone android qwerty qwertyqwerty qwertz azerty asdfgh asdf zxcvbn qazwsx qweasd qweasdzxc asdasd qweqwe
football basketball baseball softball volleyball soccer liverpool arsenal chelsea barcelona realmadrid manchester
manchesterunited juventus superman batman spiderman ironman starwars pokemon pikachu dragonball naruto minecraft fortnite
dragon monkey tiger princess sunshine rainbow butterfly flower chocolate cookie banana strawberry cherry orange summer
winter spring autumn january february march april may june july august september october november december monday friday
michael jennifer jessica ashley daniel charlie thomas robert jordan joshua andrew matthew nicole michelle elizabeth
alexander alexandra christopher stephanie jonathan samantha charlotte jesus jesuschrist blessed godisgood godislove
secret secretpassword topsecret private access accessdenied security secure login signin logmein opensesame
abracadabra freedom success happiness forever family mother father friends brother sister bismillah inshallah
money dollar million business company company-name office school college university student teacher
concord concordconcord unitednations humanity development ministry government
correcthorsebatterystaple correct-horse-battery-staple
`
  .trim()
  .split(/\s+/u);
